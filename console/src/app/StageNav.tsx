import { MenuFoldOutlined, MenuUnfoldOutlined } from '@ant-design/icons';
import { Tooltip } from 'antd';
import { useState } from 'react';
import { useText } from '@/i18n/text';
import { NavLink } from 'react-router';
import { stages } from './stages';
import './stageNav.css';

const KEY = 'qianmian.nav';
const NARROW_PX = 1100;

/** The way of the data, from collecting to the system; the rail can be folded to its icons. */
export function StageNav() {
  const { t } = useText('nav');
  const [folded, setFolded] = useState(initial);

  function fold() {
    localStorage.setItem(KEY, folded ? 'open' : 'folded');
    setFolded(!folded);
  }

  return (
    <nav className={`nav ${folded ? 'nav-folded' : ''}`} aria-label={t('label')}>
      <ul className="nav-stages">
        {stages.map((stage) => (
          <li key={stage.key}>
            {stage.pages.length > 1 || stage.key !== 'overview' ? (
              <div className="nav-stage">{t(`stage.${stage.key}`)}</div>
            ) : null}
            <ul>
              {stage.pages.map((page) => (
                <li key={page.key}>
                  <Tooltip title={folded ? t(`page.${page.key}`) : undefined} placement="right">
                    <NavLink to={page.path} className="nav-page">
                      {page.icon}
                      <span className="nav-name">{t(`page.${page.key}`)}</span>
                    </NavLink>
                  </Tooltip>
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
      <button type="button" className="plain-button nav-fold" onClick={fold} aria-label={t(folded ? 'unfold' : 'fold')}>
        {folded ? <MenuUnfoldOutlined /> : <MenuFoldOutlined />}
      </button>
    </nav>
  );
}

// A narrow window has no room for names, unless somebody asked for them.
function initial(): boolean {
  return (localStorage.getItem(KEY) ?? (innerWidth < NARROW_PX ? 'folded' : 'open')) === 'folded';
}
